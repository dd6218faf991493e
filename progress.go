package main

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows on a terminal how far long work is. Elsewhere it shows nothing.
type progress struct{ bar *progressbar.ProgressBar }

func newProgress(what string, total int) progress {
	if total == 0 || !term.IsTerminal(int(os.Stderr.Fd())) {
		return progress{}
	}
	return progress{progressbar.NewOptions(total,
		progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionFullWidth(), progressbar.OptionClearOnFinish(),
	)}
}

// at tells how much is done.
func (p progress) at(done int) {
	if p.bar != nil {
		_ = p.bar.Set(done)
	}
}

// end takes the bar off the terminal.
func (p progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
