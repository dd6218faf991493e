package limit

import "net/netip"

// Address names the bucket of a client's address. An IPv6 client has a whole /64
// to choose addresses from, so that all of them are one bucket; an IPv4 address
// is the same whether it comes as such or mapped into IPv6.
func Address(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		prefix, _ := addr.Prefix(64) // an error would be of the 64
		return "address:" + prefix.String()
	}
	if !addr.IsValid() {
		return "address:unknown"
	}
	return "address:" + addr.String()
}
