// Package diagnosis tells what is wrong with a configuration, in words and with
// what to do about each fault: how Odoo is reached and as whom, what of the
// schema it lacks, and the gateway's own database, files, address and Redis. It
// changes nothing, says no secret and signs in to Odoo once. It imports packages
// apierror, auth, limit, loaders, odoo and store.
package diagnosis
