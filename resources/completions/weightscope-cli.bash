# SPDX-License-Identifier: MIT
# Completion of weightscope-cli for bash.
_weightscope_cli() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
  local common='--out --format --filter --model-id --revision --allow-missing --quiet --verbose --no-network --help'
  local compute='--spectra --device --no-gpu --threads --memory-limit --low-memory --energy
    --rank-tol --rank-k --zero-eps --seed --max-traffic --resume --fresh'
  local cluster='--out --force --format --k --max-k --criterion --normalize --tensor --representatives --seed
    --model-id --revision --allow-missing --quiet --verbose --no-network --threads --memory-limit
    --low-memory --max-traffic --resume --fresh --help'
  local report='--filter --device --no-gpu --energy --rank-tol --rank-k --zero-eps'
  local download='--out --revision --only --include --exclude --all-files --dry-run --jobs --limit-rate --max-wait --endpoint
    --ignore-free-space --quiet --no-network --help'

  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W 'inspect analyze cluster report download help --version --help' -- "$cur")
    return
  fi
  case $prev in
    help) mapfile -t COMPREPLY < <(compgen -W 'inspect analyze cluster report download metrics filter' -- "$cur") ;;
    --format | -f)
      local formats='table csv json jsonl tsv'
      [ "$command" = analyze ] && formats+=' seed-csv'
      [ "$command" = cluster ] && formats='table csv json'
      mapfile -t COMPREPLY < <(compgen -W "$formats" -- "$cur")
      ;;
    --criterion) mapfile -t COMPREPLY < <(compgen -W 'elbow f-ratio silhouette' -- "$cur") ;;
    --normalize) mapfile -t COMPREPLY < <(compgen -W 'zscore unit center none' -- "$cur") ;;
    --only) mapfile -t COMPREPLY < <(compgen -W 'weights embeddings one-layer small-files' -- "$cur") ;;
    --device) mapfile -t COMPREPLY < <(compgen -W 'auto cpu cuda' -- "$cur") ;;
    --memory-limit | --max-traffic) mapfile -t COMPREPLY < <(compgen -W '512M 1G 2G 4G 8G 16G' -- "$cur") ;;
    --filter | --model-id | --revision | --threads | --energy | --rank-tol | --rank-k | \
      --zero-eps | --seed | --k | -k | --max-k | --tensor | --representatives | --include | --exclude | \
      --jobs | -j | --limit-rate | --max-wait | --endpoint) ;;
    *)
      if [[ $cur == -* ]]; then
        [ "$command" = analyze ] && common+=" $compute"
        [ "$command" = cluster ] && common=$cluster
        [ "$command" = report ] && common="$report $cluster"
        [ "$command" = download ] && common=$download
        mapfile -t COMPREPLY < <(compgen -W "$common" -- "$cur")
      elif [ "$command" != download ]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$cur"; compgen -W sample -- "$cur")
      fi
      ;;
  esac
}
complete -F _weightscope_cli weightscope-cli
