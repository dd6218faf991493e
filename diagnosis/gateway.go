package diagnosis

import (
	"context"
	"time"
)

// Gateway is what is to be looked at besides Odoo.
type Gateway struct {
	Database        string   // file, sqlite:FILE or postgres://...
	Secret          string   // that seals Odoo credentials, "" for none
	PreviousSecrets []string // which still open them
	Addr            string   // to listen on; "" is not looked at
	TLSCert, TLSKey string   // files, "" for plain HTTP
	RedisURL        string   // "" for none
	SecretFiles     []File
}

// File is a file that a setting names.
type File struct{ Setting, Path string }

// Examine looks at all of it. No single question takes longer than patience.
func (g Gateway) Examine(ctx context.Context, patience time.Duration) []Finding {
	findings := files(g.SecretFiles)
	findings = append(findings, g.secrets()...)
	step := func(look func(context.Context) []Finding) {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		findings = append(findings, look(ctx)...)
	}
	step(g.database)
	findings = append(findings, g.certificate(time.Now())...)
	step(func(ctx context.Context) []Finding { return Listen(ctx, g.Addr, g.TLSCert != "") })
	step(g.redis)
	return findings
}
