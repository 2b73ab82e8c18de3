#compdef weightscope-cli
# SPDX-License-Identifier: MIT
# Completion of weightscope-cli for zsh.

local -a common compute cluster report download
common=(
  '(-o --out)'{-o,--out}'[write the result to this file]:file:_files'
  '--filter[only these tensors]:expression:'
  '--model-id[written to the column model_id]:id:'
  '--revision[written to the column revision]:revision:'
  '--allow-missing[go on with the other shards]'
  '(-q --quiet -v --verbose)'{-q,--quiet}'[no progress, and no warnings about the model]'
  '(-q --quiet -v --verbose)'{-v,--verbose}'[say more on standard error]'
  '--no-network[never open a connection]'
  '(-h --help)'{-h,--help}'[show the options]'
  '*:model:_files'
)
compute=(
  '(-f --format)'{-f,--format}'[form of the result]:format:(table csv json jsonl tsv seed-csv)'
  '--spectra[also write all singular values]:file:_files -g "*.npz"'
  '(--no-gpu)--device[where singular values are computed]:device:(auto cpu cuda)'
  '(--device)--no-gpu[the same as --device cpu]'
  '--threads[CPU threads]:number:'
  '--memory-limit[memory the run may use]:size:(512M 1G 2G 4G 8G 16G)'
  '--low-memory[the same as --memory-limit 1G]'
  '--energy[energy fractions for the energy ranks]:fractions:'
  '--rank-tol[relative tolerance of actual_rank]:number:'
  '--rank-k[count actual_rank only up to this]:number:'
  '--zero-eps[an element counts as zero up to this size]:number:'
  '--max-traffic[read no more from the Hub than this]:size:'
  '--seed[random seed]:number:'
  '(--fresh)--resume[take finished rows from the result store]'
  '(--resume)--fresh[compute everything again]'
)

cluster=(
  '(-o --out)'{-o,--out}'[write the files into this folder]:folder:_files -/'
  '--force[replace files that are not from this model]'
  '(-f --format)'{-f,--format}'[what is printed without --out]:format:(table csv json)'
  '(-k --k --max-k)'{-k,--k}'[make this many clusters]:number:'
  '(-k --k)--max-k[try no more clusters]:number:'
  '--criterion[what decides how many]:criterion:(elbow f-ratio silhouette)'
  '--normalize[what is done to the rows first]:how:(zscore unit center none)'
  '--tensor[the matrix whose rows are clustered]:name:'
  '--representatives[tokens shown of each cluster]:number:'
  '--model-id[written to the record]:id:'
  '--revision[written to the record]:revision:'
  '--allow-missing[go on with the other shards]'
  '(-q --quiet -v --verbose)'{-q,--quiet}'[no progress, and no warnings about the model]'
  '(-q --quiet -v --verbose)'{-v,--verbose}'[a line for each number of clusters]'
  '--no-network[never open a connection]'
  '--threads[CPU threads]:number:'
  '--memory-limit[memory the run may use]:size:(512M 1G 2G 4G 8G 16G)'
  '--low-memory[the same as --memory-limit 1G]'
  '--max-traffic[read no more from the Hub than this]:size:'
  '--seed[random seed]:number:'
  '(--fresh)--resume[take what is in the result store]'
  '(--resume)--fresh[compute everything again]'
  '(-h --help)'{-h,--help}'[show the options]'
  '*:model:_files'
)
report=(
  '--filter[only these tensors]:expression:'
  '(--no-gpu)--device[where singular values are computed]:device:(auto cpu cuda)'
  '(--device)--no-gpu[the same as --device cpu]'
  '--energy[energy fractions for the energy ranks]:fractions:'
  '--rank-tol[relative tolerance of actual_rank]:number:'
  '--rank-k[count actual_rank only up to this]:number:'
  '--zero-eps[an element counts as zero up to this size]:number:'
)
download=(
  '(-o --out)'{-o,--out}'[folder instead of the shared cache]:folder:_files -/'
  '--revision[branch, tag or commit]:revision:'
  '--only[which part of the model]:part:(weights embeddings one-layer small-files)'
  '*--include[only files whose path fits]:pattern:'
  '*--exclude[no files whose path fits]:pattern:'
  '--all-files[also the same weights in other formats]'
  '--dry-run[list what would be fetched]'
  '(-j --jobs)'{-j,--jobs}'[connections at the same time]:number:'
  '--limit-rate[at most so many bytes a second]:size:'
  '--max-wait[give up when nothing has come for so long]:seconds:'
  '--endpoint[the Hub, or a mirror of it]:address:'
  '--ignore-free-space[begin although the disk seems too small]'
  '(-q --quiet)'{-q,--quiet}'[no progress]'
  '--no-network[never open a connection]'
  '(-h --help)'{-h,--help}'[show the options]'
  '1:id:'
)

if (( CURRENT == 2 )); then
  _values command 'inspect[list every tensor]' 'analyze[compute spectra and metrics]' \
    'cluster[cluster the tokens]' 'report[write a report of everything]' \
    'download[fetch a model from the Hub]' 'help[show help]' '--version[show what this program was built from]'
  return
fi
local command=$words[2]
shift words
(( CURRENT-- ))
case $command in
  inspect)
    _arguments -S $common \
      '(-f --format)'{-f,--format}'[form of the result]:format:(table csv json jsonl tsv)'
    ;;
  analyze) _arguments -S $common $compute ;;
  cluster) _arguments -S $cluster ;;
  report) _arguments -S $cluster $report ;;
  download) _arguments -S $download ;;
  help) _values topic inspect analyze cluster report download metrics filter ;;
esac
