package snippet

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// harness is what surrounds the commands of a block: they go on from where the block
// before ended, and what they leave in the background may start before the block ends.
const harness = `
[ ! -e "$SNIPPET_STATE/environment" ] || . "$SNIPPET_STATE/environment"
[ ! -e "$SNIPPET_STATE/folder" ] || cd "$(cat "$SNIPPET_STATE/folder")"
trap 'export -p >"$SNIPPET_STATE/environment"; pwd >"$SNIPPET_STATE/folder"' EXIT
set -a
. "$SNIPPET_STATE/block"
for job in $(jobs -p); do
  for _ in $(seq 250); do kill -0 "$job" 2>/dev/null || break; sleep 0.02; done
done
[ ! -e "$SNIPPET_STATE/failed" ]
`

// bash executes commands and returns what they print.
func (p *place) bash(ctx context.Context, commands string) (string, error) {
	if err := os.WriteFile(filepath.Join(p.state, "block"), []byte(commands+"\n"), 0o600); err != nil {
		return "", err
	}
	return p.run(ctx, "bash", "-euo", "pipefail", "-c", harness)
}

// run executes a program and returns what it prints. An error has the errors that
// it prints. Output goes to files, because what stays in the background would keep
// a pipe open.
func (p *place) run(ctx context.Context, name string, args ...string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", err
	}
	command := exec.CommandContext(ctx, path, args...) //nolint:gosec // blocks of our own documents
	command.Dir = p.work
	command.Env = []string{
		"PATH=" + filepath.Join(p.folder, "bin") + string(os.PathListSeparator) + os.Getenv("PATH"),
		"HOME=" + filepath.Join(p.folder, "home"), "TMPDIR=" + p.folder, "LANG=C.UTF-8", "ODOOGRAPH_ADDR=" + p.address,
		"SNIPPET_PROGRAM=" + p.runner.Program, "SNIPPET_STATE=" + p.state, "SNIPPET_PACKAGES=" + p.runner.Packages,
	}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { stopGroup(command.Process.Pid); return nil }
	streams := make([]*os.File, 2)
	for i := range streams {
		if streams[i], err = os.CreateTemp(p.folder, "out"); err != nil {
			return "", err
		}
		defer streams[i].Close()
	}
	command.Stdout, command.Stderr = streams[0], streams[1]
	if err := command.Start(); err != nil {
		return "", err
	}
	p.groups = append(p.groups, command.Process.Pid)
	failure := command.Wait()
	out, err := os.ReadFile(streams[0].Name())
	if err != nil {
		return "", err
	}
	if failure != nil {
		problem, _ := os.ReadFile(streams[1].Name())
		return string(out), fmt.Errorf("%w\n%s%s", failure, out, problem)
	}
	return string(out), nil
}

// stopGroup ends the processes of a group.
func stopGroup(group int) { _ = syscall.Kill(-group, syscall.SIGKILL) }

// stop ends a process.
func stop(pid string) {
	if id, err := strconv.Atoi(strings.TrimSpace(pid)); err == nil && id > 0 {
		_ = syscall.Kill(id, syscall.SIGKILL)
	}
}
