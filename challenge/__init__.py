"""The open-source service that city-challenge programmes run on."""
