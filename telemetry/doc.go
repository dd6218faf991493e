// Package telemetry holds what an operator sees of a running gateway: the
// request log, request ids and health. It imports packages apierror and odoo.
package telemetry
