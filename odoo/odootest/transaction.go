package odootest

// An undoLog remembers how to take back what a call has changed so far.
type undoLog struct {
	open  bool
	steps []func()
}

func (l *undoLog) add(step func()) {
	if l.open {
		l.steps = append(l.steps, step)
	}
}

// holding runs a method under the lock that it needs: methods that read see one
// moment of the state together, one that writes is alone with it.
func (st *state) holding(m *method, run func() (any, error)) (any, error) {
	if m.writes {
		return st.transaction(run)
	}
	st.mu.RLock()
	defer st.mu.RUnlock()
	return run()
}

// transaction runs a call that changes records. Like Odoo's, which has one
// transaction per call, it leaves nothing behind when the call fails, but for
// the ids and order numbers that were handed out.
func (st *state) transaction(run func() (any, error)) (result any, err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.undo.open = true
	done := false
	defer func() {
		steps := st.undo.steps
		*st.undo = undoLog{}
		if done && err == nil {
			return
		}
		for i := len(steps) - 1; i >= 0; i-- {
			steps[i]()
		}
	}()
	result, err = run()
	done = true
	return result, err
}
