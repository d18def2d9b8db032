"""Money of pilots: a ledger that always balances, payments, claims of partners, changes that are asked for."""
