"""Golden deliveries: real small files and, beside each, what is accepted and what is found."""
