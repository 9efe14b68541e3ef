export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

// Each asks `commandcenter complete -- <words>` and leaves files to the shell where nothing is offered.
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# commandcenter completion for bash
_commandcenter() {
  local IFS=$'\\n'
  COMPREPLY=($(\${COMP_WORDS[0]} complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _commandcenter commandcenter
`,
  zsh: `#compdef commandcenter
# commandcenter completion for zsh
_commandcenter() {
  local -a candidates
  candidates=(\${(f)"$(\${words[1]} complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#candidates} )); then compadd -- "\${candidates[@]}"; else _files; fi
}
compdef _commandcenter commandcenter
`,
  fish: `# commandcenter completion for fish
function __commandcenter_complete
    set -l words (commandline -opc) (commandline -ct)
    commandcenter complete -- $words[2..-1] 2>/dev/null
end
complete -c commandcenter -a '(__commandcenter_complete)'
`,
};

export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
