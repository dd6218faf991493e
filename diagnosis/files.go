package diagnosis

import (
	"bytes"
	"fmt"
	"os"

	"odoograph/auth"
)

// files looks at the files that hold secrets.
func files(named []File) []Finding {
	var findings []Finding
	for _, file := range named {
		if f, told := secretFile(file); told {
			findings = append(findings, f)
		}
	}
	if len(findings) == 0 && len(named) > 0 {
		return []Finding{ok("secret-files", "%d, which others cannot read", len(named))}
	}
	return findings
}

func secretFile(file File) (Finding, bool) {
	f := Finding{Check: "secret-files", Level: Error}
	info, err := os.Stat(file.Path)
	if err != nil {
		f.Found, f.Cause = fmt.Sprintf("the file of --%s cannot be read", file.Setting), plainError(err)
		f.Fix = "correct the path, or let the user of the gateway read the file and its folder"
		return f, true
	}
	text, err := os.ReadFile(file.Path)
	switch {
	case err != nil:
		f.Found, f.Cause = fmt.Sprintf("the file of --%s cannot be read", file.Setting), plainError(err)
		f.Fix = "give the file to the user of the gateway: chown"
	case len(bytes.TrimSpace(text)) == 0:
		f.Found, f.Fix = fmt.Sprintf("the file of --%s is empty: %s", file.Setting, file.Path), "write the secret into it, alone on its line"
	case info.Mode().Perm()&0o004 != 0:
		f.Level, f.Found = Warning, fmt.Sprintf("every user of this machine can read %s (--%s, mode %03o)", file.Path, file.Setting, info.Mode().Perm())
		f.Fix = "chmod 600 " + file.Path
	default:
		return Finding{}, false
	}
	return f, true
}

// secrets looks at the secret that seals Odoo credentials.
func (g Gateway) secrets() []Finding {
	err := auth.CheckSecrets(g.Secret, g.PreviousSecrets)
	if err != nil {
		return []Finding{{
			Check: "secret", Level: Error, Found: "the gateway's secret cannot be used", Cause: plainError(err),
			Fix: "openssl rand -base64 32 > odoograph.secret; chmod 600 odoograph.secret; then --secret-file odoograph.secret",
		}}
	}
	if g.Secret == "" {
		return []Finding{{Check: "secret", Level: Note, Found: "none: keys act as the gateway's own Odoo user alone"}}
	}
	return []Finding{ok("secret", "long enough")}
}
