"""Signing in with an account of elsewhere (OpenID Connect): providers, what is asked of them, what is believed."""
