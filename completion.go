package main

import (
	"fmt"
	"io"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"The shell: ${enum}."`
}

// Help tells how it is used.
func (completionCommand) Help() string {
	return `Examples:
  source <(odoograph completion bash)          in ~/.bashrc
  source <(odoograph completion zsh)           in ~/.zshrc
  odoograph completion fish | source           in ~/.config/fish/config.fish`
}

// Run prints what a shell has to execute. From then on it asks the program itself.
func (c completionCommand) Run(out io.Writer) error {
	code := map[string]string{
		"bash": "complete -C odoograph odoograph",
		"zsh":  "autoload -U +X bashcompinit && bashcompinit\ncomplete -C odoograph odoograph",
		"fish": `function __complete_odoograph
    set -lx COMP_LINE (commandline -cp)
    test -z (commandline -ct)
    and set COMP_LINE "$COMP_LINE "
    odoograph
end
complete -f -c odoograph -a "(__complete_odoograph)"`,
	}
	_, err := fmt.Fprintln(out, code[c.Shell])
	return err
}
