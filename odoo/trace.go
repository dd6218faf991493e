package odoo

import "context"

type traceKey struct{}

// WithTrace returns a context whose calls to Odoo carry a traceparent header
// (W3C Trace Context). A call that several requests share carries that of one.
func WithTrace(ctx context.Context, traceparent string) context.Context {
	return context.WithValue(ctx, traceKey{}, traceparent)
}

func trace(ctx context.Context) string {
	traceparent, _ := ctx.Value(traceKey{}).(string)
	return traceparent
}
