package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"odoograph/auth"
	"odoograph/endpoint"
	"odoograph/odoo"
	"odoograph/store"
)

// setupFiles are the files that init writes, all of them or none.
type setupFiles struct {
	toml, secret, credential, database string
	force                              bool
	undo                               []func()
}

func newSetupFiles(output string, force bool) *setupFiles {
	stem := strings.TrimSuffix(output, ".toml")
	return &setupFiles{
		toml: output, secret: stem + ".secret", credential: stem + ".odoo-credential", database: stem + ".db", force: force,
	}
}

// check refuses to write over what is there. A secret is kept in any case: it
// opens what was sealed with it.
func (f *setupFiles) check() error {
	for _, path := range []string{f.toml, f.credential} {
		if _, err := os.Lstat(path); err == nil && !f.force {
			return fmt.Errorf("%s is there already: --force writes over it, --output names another file", path)
		}
	}
	if info, err := os.Stat(filepath.Dir(f.toml)); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s", filepath.Dir(f.toml))
	}
	return nil
}

// write writes the files and makes the first key. What fails in the middle leaves
// nothing behind.
func (f *setupFiles) write(ctx context.Context, a answers) (token string, err error) {
	defer func() {
		if err != nil {
			for i := len(f.undo) - 1; i >= 0; i-- {
				f.undo[i]()
			}
		}
	}()
	secret, err := f.gatewaySecret()
	if err != nil {
		return "", err
	}
	values := map[string]string{
		"odoo-url": a.url, "odoo-db": a.database, "odoo-login": a.credential.Login, "addr": a.addr, "secret-file": filepath.Base(f.secret), "transport": a.transport,
		"database": filepath.Base(f.database), // beside the file: names begin in its folder
	}
	credentialSetting, text := "odoo-api-key-file", a.credential.APIKey
	if a.credential.Password != "" {
		credentialSetting, text = "odoo-password-file", a.credential.Password
	}
	if values[credentialSetting] = a.secretFile; a.secretFile == "" {
		values[credentialSetting] = filepath.Base(f.credential)
		if err := f.place(f.credential, text+"\n", 0o600); err != nil {
			return "", err
		}
	} else if values[credentialSetting], err = filepath.Abs(a.secretFile); err != nil {
		return "", err
	}
	if a.own != "" {
		f.database, values["database"] = a.own, a.own
	}
	token, err = f.makeKey(ctx, secret, a)
	if err != nil {
		return "", err
	}
	return token, f.place(f.toml, configurationText(values), 0o644)
}

// gatewaySecret returns the gateway's secret, a new one if there is none.
func (f *setupFiles) gatewaySecret() (string, error) {
	known, err := os.ReadFile(f.secret)
	if err == nil {
		return strings.TrimRight(string(known), "\r\n"), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	secret := base64.StdEncoding.EncodeToString(random)
	return secret, f.place(f.secret, secret+"\n", 0o600)
}

// place writes a file as a whole: others see it complete or not at all.
func (f *setupFiles) place(path, text string, mode os.FileMode) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".odoograph-init-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.WriteString(text)
	if err = errors.Join(err, temporary.Chmod(mode), temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	if f.force {
		before, readErr := os.ReadFile(path) //nolint:gosec // the operator names the file
		if err := os.Rename(temporary.Name(), path); err != nil {
			return err
		}
		f.undo = append(f.undo, func() {
			if readErr != nil {
				_ = os.Remove(path)
				return
			}
			_ = os.WriteFile(path, before, mode) //nolint:gosec // as above
		})
		return nil
	}
	if err := os.Link(temporary.Name(), path); err != nil { // which, unlike a renaming, replaces nothing
		return err
	}
	f.undo = append(f.undo, func() { _ = os.Remove(path) })
	return nil
}

// makeKey makes the first key in the gateway's database, which it creates if need be.
func (f *setupFiles) makeKey(ctx context.Context, secret string, a answers) (token string, err error) {
	scopes, err := endpoint.Scopes()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(f.database); errors.Is(err, fs.ErrNotExist) && !strings.Contains(f.database, "://") {
		f.undo = append(f.undo, func() {
			for _, suffix := range []string{"", "-wal", "-shm"} {
				_ = os.Remove(f.database + suffix)
			}
		})
	}
	db, err := store.Open(ctx, store.Config{Database: f.database})
	if err != nil {
		return "", err
	}
	defer db.Close()
	keyring, err := auth.Open(ctx, db, auth.Config{Secret: secret, Scopes: scopes, Actor: osUser()})
	if err != nil {
		return "", plain(err)
	}
	defer keyring.Close()
	token, key, err := keyring.Create(ctx, auth.Key{Name: a.keyName, Scopes: a.scopes, Documents: auth.DocumentsAny}, odoo.Credential{})
	if err != nil {
		return "", plain(err)
	}
	f.undo = append(f.undo, func() { f.revoke(ctx, key.ID) })
	return token, nil
}

// revoke takes back a key of which nobody has heard.
func (f *setupFiles) revoke(ctx context.Context, id string) {
	db, err := store.Open(ctx, store.Config{Database: f.database, MustExist: true})
	if err != nil {
		return
	}
	defer db.Close()
	if keyring, err := auth.Open(ctx, db, auth.Config{}); err == nil {
		defer keyring.Close()
		_ = keyring.Revoke(ctx, id)
	}
}
