package document

import (
	"container/list"
	"sync"
)

// cache keeps the documents that were asked for last, bounded by the memory that
// they take.
type cache struct {
	max int64

	mu      sync.Mutex
	size    int64
	entries map[string]*list.Element // by hash
	order   *list.List               // of *Document, the last used in front
}

func newCache(max int64) *cache {
	return &cache{max: max, entries: map[string]*list.Element{}, order: list.New()}
}

// bytesPerNode is about what a part of a parsed document takes: the node, its
// token, its place in a list.
const bytesPerNode = 400

// weight is about the memory that a document takes.
func weight(d *Document) int64 {
	return int64(len(d.Text)) + int64(d.nodes)*bytesPerNode + 1000
}

func (c *cache) get(hash string) *Document {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.entries[hash]
	if !ok {
		return nil
	}
	c.order.MoveToFront(element)
	document, _ := element.Value.(*Document)
	return document
}

// add keeps a document at the expense of those not used for longest. One that
// would push out half of them is not kept.
func (c *cache) add(d *Document) {
	if weight(d) > c.max/2 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.entries[d.Hash]; ok {
		return
	}
	c.entries[d.Hash] = c.order.PushFront(d)
	c.size += weight(d)
	for c.size > c.max {
		oldest, _ := c.order.Remove(c.order.Back()).(*Document)
		delete(c.entries, oldest.Hash)
		c.size -= weight(oldest)
	}
}
