package odoo

import (
	"context"
	"net/url"
	"sync"
	"time"
)

// databaseCookie is the session of nobody that names the database. Up to Odoo 18
// a call without it makes Odoo list its databases first, on a connection of its
// own, unless it serves a single one: with API keys, which open no web session, a
// call then takes three times as long. Nothing depends on it but time.
type databaseCookie struct {
	mu     sync.Mutex
	wanted bool // by this version of Odoo
	value  string
	works  bool // Odoo has known it
	asked  time.Time
}

// databaseCookiePause is how long to leave it where Odoo does not know a cookie
// that it has just given.
const databaseCookiePause = time.Minute

func (c *databaseCookie) get() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.value
}

// nameDatabase fetches the cookie. Where that fails, calls go without.
func (w *wire) nameDatabase(ctx context.Context) {
	c := w.databaseCookie
	c.mu.Lock()
	now := time.Now()
	fetch := c.value == "" && (c.works || now.Sub(c.asked) >= databaseCookiePause)
	if c.wanted = true; fetch {
		c.asked, c.works = now, false
	}
	c.mu.Unlock()
	if !fetch {
		return
	}
	// The page may redirect to itself: it is the cookie that counts.
	a, _ := w.exchange(ctx, request{path: "/web/login?db=" + url.QueryEscape(w.database), web: true})
	c.mu.Lock()
	c.value = a.cookie
	c.mu.Unlock()
}

// renewDatabase fetches another cookie when Odoo has answered with one of its own.
func (w *wire) renewDatabase(ctx context.Context, sent, got string) {
	c := w.databaseCookie
	c.mu.Lock()
	current := c.wanted && c.value == sent
	stale := current && got != "" && got != sent
	if stale {
		c.value = ""
	} else if current && sent != "" {
		c.works = true
	}
	c.mu.Unlock()
	if stale {
		w.nameDatabase(ctx)
	}
}
