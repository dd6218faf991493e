package idempotency

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"odoograph/store/storetest"
)

// model is what a Store promises, in its plainest form: what each key is.
type model struct {
	now  time.Time
	keys map[string]*modelKey
}

type modelKey struct {
	asked      string
	holder     int // 0 for nobody
	leaseUntil time.Time
	begun      time.Time
	answer     string // "" while there is none
	expires    time.Time
}

// live returns a key that has not expired, nil if there is none.
func (m *model) live(key string) *modelKey {
	if k := m.keys[key]; k != nil && k.expires.After(m.now) {
		return k
	}
	return nil
}

// begin is what a Begin has to come to.
func (m *model) begin(key, asked string, holder int) string {
	k := m.live(key)
	outcome, begun := "new", m.now
	switch {
	case k == nil:
	case k.asked != asked:
		return reused
	case k.answer != "":
		return k.answer
	case k.holder != 0 && k.leaseUntil.After(m.now):
		return underWay
	default:
		outcome, begun = "interrupted", k.begun
	}
	m.keys[key] = &modelKey{asked: asked, holder: holder, leaseUntil: m.now.Add(lease), begun: begun, expires: m.now.Add(keepFor)}
	return outcome
}

// held returns the key if the holder still has it.
func (m *model) held(key string, holder int) *modelKey {
	if k := m.keys[key]; k != nil && k.holder == holder && k.answer == "" {
		return k
	}
	return nil
}

// holding is an attempt that has not ended, in the store and in the model.
type holding struct {
	*Attempt
	key    string
	holder int
	store  int
}

// run is one random schedule of two gateways on one database.
type run struct {
	t       *testing.T
	random  *rand.Rand
	clock   *clock
	stores  []*Store
	model   model
	holds   []holding
	holders int
	history []string
}

// Random schedules of two gateways that begin, restart, finish, abandon, crash,
// renew, sweep and wait come to what the model says.
func TestRandomSchedules(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		for range 20 {
			seed := rand.Uint64()
			r := &run{t: t, random: rand.New(rand.NewPCG(seed, 0)), clock: newClock()}
			r.stores = []*Store{open(t, database, r.clock), open(t, database, r.clock)}
			r.model = model{now: r.clock.now(), keys: map[string]*modelKey{}}
			for range 150 {
				r.step(fmt.Sprintf("%x", seed))
				if t.Failed() {
					t.Fatalf("seed %x: %v", seed, r.history)
				}
			}
			for _, s := range r.stores {
				s.db.Close()
			}
		}
	})
}

// step does one thing. The prefix keeps the keys of a schedule to itself.
func (r *run) step(prefix string) {
	switch n := r.random.IntN(22); {
	case n < 9:
		r.begin(fmt.Sprint(prefix, r.random.IntN(4)), []string{"this", "this", "this", "that"}[r.random.IntN(4)], r.random.IntN(2))
	case n < 14:
		r.end()
	case n < 15:
		r.crash(r.random.IntN(2))
	case n < 16:
		r.renew(r.random.IntN(2))
	case n < 17:
		r.note("sweep")
		must(r.t, r.stores[0].sweep(r.t.Context()))
	case n < 19:
		r.restart()
	default:
		r.wait([]time.Duration{time.Millisecond, lease / 2, lease, lease + time.Millisecond, keepFor - lease, keepFor}[r.random.IntN(6)])
	}
}

func (r *run) note(format string, args ...any) {
	r.history = append(r.history, fmt.Sprintf(format, args...))
}

func (r *run) begin(key, asked string, store int) {
	r.holders++
	want := r.model.begin(key, asked, r.holders)
	r.note("begin %s %s at %d: %s", key, asked, store, want)
	attempt, got := begin(r.t, r.stores[store], request(key, asked))
	if got != want {
		r.t.Errorf("Begin of %s: %s, want %s", key, got, want)
	}
	if attempt != nil {
		if age := r.model.now.Sub(r.model.keys[key].begun); attempt.Age != age {
			r.t.Errorf("the age of %s: %v, want %v", key, attempt.Age, age)
		}
		r.holds = append(r.holds, holding{attempt, key, r.holders, store})
	}
}

// restart lets some attempt do the work itself, also one that has lost its key
// since.
func (r *run) restart() {
	if len(r.holds) == 0 {
		return
	}
	h := r.holds[r.random.IntN(len(r.holds))]
	r.note("restart %s as %d", h.key, h.holder)
	err := h.Restart(context.Background())
	k := r.model.held(h.key, h.holder)
	if holds := k != nil && r.model.live(h.key) != nil; holds != (err == nil) || !holds && !errors.Is(err, ErrSuperseded) {
		r.t.Errorf("Restart: %v", err)
	}
	if k != nil && err == nil {
		k.begun = r.model.now
	}
}

// end ends some attempt in some way, also one that has lost its key since.
func (r *run) end() {
	if len(r.holds) == 0 {
		return
	}
	i := r.random.IntN(len(r.holds))
	h := r.holds[i]
	r.holds = append(r.holds[:i:i], r.holds[i+1:]...)
	k := r.model.held(h.key, h.holder)
	switch r.random.IntN(4) {
	case 0:
		r.note("abandon %s as %d", h.key, h.holder)
		must(r.t, h.Abandon(context.Background()))
		if k != nil {
			delete(r.model.keys, h.key)
		}
	case 1:
		r.note("interrupt %s as %d", h.key, h.holder)
		must(r.t, h.Interrupt(context.Background()))
		if k != nil {
			k.holder = 0
		}
	default:
		r.finish(h, k)
	}
}

// finish ends an attempt with an answer. A key that has expired may or may not
// be there still, as sweeping has no set time.
func (r *run) finish(h holding, k *modelKey) {
	r.note("finish %s as %d", h.key, h.holder)
	answer := fmt.Sprintf("%s by %d", h.key, h.holder)
	err := h.Finish(context.Background(), []byte(answer))
	if expired := k != nil && r.model.live(h.key) == nil; !expired && (err == nil) != (k != nil) {
		r.t.Errorf("Finish: %v", err)
	}
	if k != nil && err == nil {
		k.answer, k.holder, k.expires = answer, 0, r.model.now.Add(keepFor)
	}
	if err != nil && k != nil {
		delete(r.model.keys, h.key)
	}
}

// crash stops one gateway and starts it anew: nobody renews or ends what it held.
func (r *run) crash(store int) {
	r.note("crash %d", store)
	var left []holding
	for _, h := range r.holds {
		if h.store != store {
			left = append(left, h)
		}
	}
	r.holds = left
	r.stores[store] = newIdle(r.stores[store].db, Config{Now: r.clock.now})
}

func (r *run) renew(store int) {
	r.note("renew %d", store)
	r.stores[store].renew(r.t.Context())
	for _, h := range r.holds {
		k := r.model.held(h.key, h.holder)
		if k == nil || h.store != store {
			continue
		}
		select {
		case <-h.lost:
			if r.model.live(h.key) != nil {
				r.t.Errorf("the lease of %s is lost", h.key)
			}
			delete(r.model.keys, h.key)
		default:
			k.leaseUntil, k.expires = r.model.now.Add(lease), r.model.now.Add(keepFor)
		}
	}
}

func (r *run) wait(d time.Duration) {
	r.note("wait %v", d)
	r.clock.advance(d)
	r.model.now = r.model.now.Add(d)
}
