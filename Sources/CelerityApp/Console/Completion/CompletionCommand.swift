import ArgumentParser

struct CompletionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "Prints what teaches your shell to complete verbs, options and names.",
    discussion: """
      celerity completion bash > ~/.local/share/bash-completion/completions/celerity
      celerity completion zsh > ~/.zfunc/_celerity   # with fpath+=~/.zfunc before compinit in ~/.zshrc
      celerity completion fish > ~/.config/fish/completions/celerity.fish
      source <(celerity completion bash)   # for this session only

      The script asks this program for each completion, so it never grows old. Names of settings are known to it; names of
      queues, tasks, workers and schedules are asked for at the gateway, if one answers within a third of a second.
      """)

  @Argument(help: "The shell: bash, zsh or fish.") var shell: CompletionShellName

  func run() async throws { ConsoleLine.write(shell.script) }
}

/// A shell that can be taught.
enum CompletionShellName: String, CaseIterable, ExpressibleByArgument {
  case bash, zsh, fish

  /// The script, without its last line break. Every one does the same: hand the words so far to the hidden verb
  /// `__complete` and offer what it prints, one candidate a line with its meaning behind a tab.
  var script: String {
    switch self {
    case .bash: Self.bashScript
    case .zsh: Self.zshScript
    case .fish: Self.fishScript
    }
  }

  private static let bashScript = #"""
    # bash completion of celerity
    _celerity() {
      local line kind
      COMPREPLY=()
      while IFS= read -r line; do
        case $line in
          :files | :directories) kind=$line ;;
          *) COMPREPLY+=("${line%%$'\t'*}") ;;
        esac
      done < <("${COMP_WORDS[0]}" __complete bash "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
      case $kind in
        :files) compopt -o filenames; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$2") ;;
        :directories) compopt -o filenames; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$2") ;;
      esac
      if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
    }
    complete -F _celerity celerity
    """#

  private static let zshScript = #"""
    #compdef celerity
    # zsh completion of celerity
    _celerity() {
      local line kind word
      local -a candidates
      for line in "${(@f)$("${words[1]}" __complete zsh "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        case $line in
          '') ;;
          :files | :directories) kind=$line ;;
          *)
            word=${line%%$'\t'*}
            candidates+=("${word//:/\\:}:${line#*$'\t'}")
            ;;
        esac
      done
      ((${#candidates})) && _describe -V celerity candidates
      case $kind in
        :files) _files ;;
        :directories) _files -/ ;;
      esac
    }
    if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _celerity "$@"; else compdef _celerity celerity; fi
    """#

  private static let fishScript = #"""
    # fish completion of celerity
    function __celerity_complete
        set -l words (commandline -opc)
        for line in ($words[1] __complete fish $words[2..-1] (commandline -ct) 2>/dev/null)
            switch $line
                case :files
                    __fish_complete_path (commandline -ct)
                case :directories
                    __fish_complete_directories (commandline -ct)
                case '*'
                    echo $line
            end
        end
    end
    complete -c celerity -f -a '(__celerity_complete)'
    """#
}
