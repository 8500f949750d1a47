"""Who signs in: contacts, passwords, second factors, roles, sessions. Knows no person and no residence."""
