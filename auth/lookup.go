package auth

import (
	"context"
	"sync/atomic"
	"time"

	"odoograph/apierror"
	"odoograph/odoo"
)

// loadTimeout bounds one question to the store.
const loadTimeout = time.Second

// lookup returns what is known of an id, nil if nothing.
func (k *Keyring) lookup(ctx context.Context, id string) (*entry, error) {
	e, fresh := k.cache.get(id, k.now())
	if fresh {
		return e, nil
	}
	asked, err := k.ask(ctx, id)
	if err != nil && e != nil && ctx.Err() == nil && e.honoured(k.now()) {
		return e, nil
	}
	return asked, err
}

// ask returns what the store knows of an id. Those who ask for one id at once
// share one question.
func (k *Keyring) ask(ctx context.Context, id string) (*entry, error) {
	if err := odoo.ContextError(ctx); err != nil {
		return nil, err
	}
	asking := context.WithoutCancel(ctx) // it is not only this caller's question
	answer := k.loads.DoChan(id, func() (any, error) { return k.load(asking, id) })
	select {
	case <-ctx.Done():
		return nil, odoo.ContextError(ctx)
	case result := <-answer:
		if result.Err != nil {
			return nil, apierror.Wrap(apierror.UpstreamUnavailable, "The gateway cannot reach the database of its API keys; try again later.", result.Err)
		}
		return result.Val.(*entry), nil //nolint:forcetypeassert // load returns nothing else
	}
}

// load asks the store about an id and remembers the answer.
func (k *Keyring) load(ctx context.Context, id string) (*entry, error) {
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	asked := k.now()
	found, err := records(ctx, k.db, "id = $1", id)
	if err != nil {
		k.outage.begin(k.log, err)
		if old, _ := k.cache.get(id, asked); old != nil {
			k.cache.postpone(old, asked)
		}
		return nil, err
	}
	k.outage.end(k.log)
	if len(found) == 0 {
		k.cache.putUnknown(id, asked)
		return nil, nil //nolint:nilnil // nothing is what is known of the id
	}
	e := k.newEntry(found[0], asked)
	k.cache.put(e)
	return e, nil
}

func (k *Keyring) newEntry(r *record, asked time.Time) *entry {
	e := &entry{record: r, identity: &Identity{Key: *k.public(r)}, asOf: asked, asked: asked, used: new(atomic.Int64)}
	e.used.Store(millis(r.LastUsedAt))
	if r.sealed != nil {
		e.identity.Credential, e.unreadable = k.sealer.open(r.ID, r.sealed)
	}
	return e
}

// forget makes the next look-up of an id ask the store, also when a question
// from before the change is under way.
func (k *Keyring) forget(id string) {
	k.loads.Forget(id)
	k.cache.remove(id)
}
