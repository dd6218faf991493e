package main

// scopes are what a key may be given.
func scopes() []string {
	return []string{"partners:read", "orders:read", "products:read", "invoices:read", "reference:read", "introspection"}
}
