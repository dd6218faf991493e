// Package audit holds checks of the gateway from outside, against the program as
// it is shipped: hostile requests here, the suites that others wrote in run.sh, those
// of the REST API in openapi, what people see in a browser in browser, the code of the
// guides in guides.
package audit
