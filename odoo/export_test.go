package odoo

// Waiting is how many requests of all sessions wait for a call to be merged into.
func (s *Session) Waiting() int {
	return s.client.reads.waiting() + s.client.lists.waiting()
}

func (g *gatherer[Q, A]) waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for _, l := range g.lanes {
		n += len(l.waiting)
	}
	return n
}
