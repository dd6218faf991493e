package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/alecthomas/kong"

	"odoograph/endpoint"
	"odoograph/settings"
)

// replaceable is a handler that can be replaced while it serves. Requests under way
// end with the handler that they began with.
type replaceable struct{ handler atomic.Pointer[http.Handler] }

func newReplaceable(o endpoint.Options) (*replaceable, error) {
	g := &replaceable{}
	return g, g.replace(o)
}

func (g *replaceable) replace(o endpoint.Options) error {
	handler, err := endpoint.New(o)
	if err != nil {
		return err
	}
	g.handler.Store(&handler)
	return nil
}

func (g *replaceable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*g.handler.Load()).ServeHTTP(w, r)
}

// reloading takes over settings that have changed, while the gateway serves.
type reloading struct {
	gateway *replaceable
	options endpoint.Options
	level   *slog.LevelVar
	// started is the command line as it was understood when the gateway started.
	started *kong.Context
	again   parse
}

// run reads the settings and the trusted documents again whenever the process gets
// SIGHUP. If something is wrong with them, all stays as it is.
func (r reloading) run(ctx context.Context) {
	hangUp := make(chan os.Signal, 1)
	signal.Notify(hangUp, syscall.SIGHUP)
	defer signal.Stop(hangUp)
	inUse := r.started
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangUp:
		}
		next, err := r.reload(ctx, inUse)
		if err != nil {
			r.options.Log.ErrorContext(ctx, "the settings stay as they are", "error", err)
			continue
		}
		inUse = next
	}
}

func (r reloading) reload(ctx context.Context, inUse *kong.Context) (*kong.Context, error) {
	all, next, err := r.again()
	if err != nil {
		return nil, err
	}
	o := r.options
	if err := admit(&all.Serve.All, &o); err != nil {
		return nil, err
	}
	if err := r.gateway.replace(o); err != nil {
		return nil, err
	}
	r.level.Set(all.Serve.LogLevel)
	live, _ := settings.Changed(inUse.Flags(), next.Flags())
	_, restart := settings.Changed(r.started.Flags(), next.Flags())
	attributes := []any{"trusted_documents", o.Documents.Trusted()}
	if len(live) > 0 {
		attributes = append(attributes, "changed", strings.Join(live, ","))
	}
	o.Log.InfoContext(ctx, "settings are read", attributes...)
	if len(restart) > 0 {
		o.Log.WarnContext(ctx, "some settings take effect when the gateway starts again", "changed", strings.Join(restart, ","))
	}
	return next, nil
}
