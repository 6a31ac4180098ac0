# Sourced by ./salus: `test [--quick] [NAME…]`. NAME is a test project (Crypto, cli, …) or a part of a test's full name.
# Each test project is an executable of its own (xunit.v3); Web is the page's own, by vitest. The last line is "N passed, N failed[, N skipped]", alone;
# a project that crashes, writes no result, or ran no test although no part of a name was asked for counts as one failure.

run_tests() {
  local quick='' project name file lower chosen=() filters=() args=()
  while [ $# -gt 0 ]; do
    case $1 in
      --quick) quick=yes ;;
      -*) say "test knows --quick and names, not $1"; return 2 ;;
      *)
        project=''
        lower=$(printf %s "$1" | tr '[:upper:]' '[:lower:]')
        [ "$lower" = web ] && project=Web
        for file in "$root"/tests/*/*.Tests.csproj; do
          name=$(basename "$(dirname "$file")")
          [ "$(printf %s "$name" | tr '[:upper:]' '[:lower:]')" = "$lower" ] && project=$name
        done
        if [ -n "$project" ]; then chosen+=("$project"); else filters+=("$1"); fi ;;
    esac
    shift
  done
  if [ ${#chosen[@]} -eq 0 ]; then
    for file in "$root"/tests/*/*.Tests.csproj; do
      name=$(basename "$(dirname "$file")")
      if [ -n "$quick" ]; then case $name in EndToEnd | Attack | Browser | Fault) continue ;; esac; fi
      chosen+=("$name")
    done
    chosen+=(Web)
  fi
  for name in "${filters[@]}"; do args+=(-method "*$name*"); done

  case " ${chosen[*]} " in *' Browser '* | *' Web '*) need chromium ;; esac
  # Programs of others that read what we write.
  case " ${chosen[*]} " in *' Health '*) need dcmtk orthanc ;; esac
  case " ${chosen[*]} " in *' Cloud '*) need go ;; esac
  # Kills a process at any of its system calls, and makes them fail.
  case " ${chosen[*]} " in *' Fault '* | *' Store '*) need strace ;; esac
  # What tests start is what people run.
  case " ${chosen[*]} " in *' Cli '* | *' EndToEnd '* | *' Attack '* | *' Fault '* | *' Rules '* | *' Browser '* | *' Web '*)
    build
    page ;;
  esac
  check_sdk
  local results=$out/test-results log=$out/test-build.log
  rm -rf "$results"
  mkdir -p "$results"
  say 'building the tests'
  local lock=()
  [ "${CI:-}" = true ] && lock=(-p:RestoreLockedMode=true)
  local what=("$root/Salus.slnx")
  [ ${#chosen[@]} -eq 1 ] && what=("$root"/tests/"${chosen[0]}"/*.Tests.csproj)
  if [ "${chosen[*]}" != Web ] && ! (cd "$root" && dotnet build "${what[0]}" -c Release -nologo -v:m -nodeReuse:false -p:UseSharedCompilation=true "${lock[@]}") >"$log" 2>&1 </dev/null; then
    grep -E 'error|Error' "$log" | sort -u | head -30 || tail -20 "$log"
    say "the tests do not build: all of it is in $log"
    printf '0 passed, 1 failed\n'
    return 1
  fi
  end_compiler

  # Two lanes, one for each core that there is at least. Suites that look at the clock have the first, and in the second the browser's comes before those that do not, which leave the others the
  # most of the machine.
  local order=() first=() second=() lane=''
  for name in EndToEnd Cli Client Web Fault; do case " ${chosen[*]} " in *" $name "*) first+=("$name") ;; esac; done
  for name in Browser Attack Cloud Trustee; do case " ${chosen[*]} " in *" $name "*) order+=("$name") ;; esac; done
  for name in "${chosen[@]}"; do case " ${first[*]} ${order[*]} " in *" $name "*) ;; *) order+=("$name") ;; esac; done
  if [ ${#first[@]} -eq 0 ]; then first=("${order[@]}"); else second=("${order[@]}"); fi
  if [ ${#second[@]} -gt 0 ]; then
    (
      for name in "${second[@]}"; do
        if [ "$name" != Browser ]; then renice -n 10 -p "$BASHPID" >/dev/null; fi
        run_suite "$name" >"$results/$name.told"
      done
    ) &
    lane=$!
    trap "kill $lane 2>/dev/null || true" EXIT
  fi
  for name in "${first[@]}"; do run_suite "$name"; done
  if [ -n "$lane" ]; then
    wait "$lane" || true
    trap - EXIT
    for name in "${second[@]}"; do cat "$results/$name.told"; done
  fi

  local passed=0 failed=0 skipped=0 ran=0 p f s
  for name in "${chosen[@]}"; do
    read -r p f s <"$results/$name.sum" || p=0 f=1 s=0
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s)) ran=$((ran + p + f + s))
  done
  if [ "$ran" -eq 0 ]; then
    printf 'no test has a name like: %s\n' "${filters[*]}"
    failed=1
  fi
  if [ "$failed" -gt 0 ]; then
    printf '\nfailing:\n'
    for name in "${chosen[@]}"; do
      { grep -o '<test [^>]*result="Fail"[^>]*>' "$results/$name.xml" 2>/dev/null || true; } |
        sed -e 's/.* name="\([^"]*\)".*/  \1/' -e 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
    done
    printf 'logs: %s\n' "$results"
  fi
  printf '%d passed, %d failed' "$passed" "$failed"
  if [ "$skipped" -gt 0 ]; then printf ', %d skipped' "$skipped"; fi
  printf '\n'
  [ "$failed" -eq 0 ]
}

# run_suite NAME: tells how it went, and writes passed, failed and skipped into its .sum. Uses what run_tests has: root, out, results, filters, args.
run_suite() {
  local name=$1 code=0 started=$SECONDS limit=${SALUS_TEST_TIMEOUT:-2400} file head p f s e
  if [ "$name" = Web ]; then
    (cd "$root/web" && timeout --kill-after=20 "$limit" npx vitest run --reporter=default --reporter=junit --outputFile.junit="$results/Web.xml" \
      --testNamePattern "$(printf '%s|' "${filters[@]}" | sed 's/|$//')") >"$results/$name.log" 2>&1 </dev/null || code=$?
    head=$(grep -o -m1 '<testsuites [^>]*>' "$results/Web.xml" 2>/dev/null || true)
    f=$(attribute "$head" failures) e=$(attribute "$head" errors)
    s=$(grep -o '<testsuite [^>]*>' "$results/Web.xml" 2>/dev/null | grep -o ' skipped="[0-9]*"' | tr -dc '0-9\n' | awk '{ all += $1 } END { print all + 0 }')
    p=$(($(attribute "$head" tests) - f - e - s))
    [ ${#filters[@]} -eq 0 ] || s=0   # vitest calls skipped what was not asked for
  else
    file=$(basename "$root"/tests/"$name"/*.Tests.csproj .csproj)
    timeout --kill-after=20 "$limit" "$out/bin/$file/release/$file" -noLogo -noColor -xml "$results/$name.xml" "${args[@]}" \
      >"$results/$name.log" 2>&1 </dev/null || code=$?
    head=$(grep -o -m1 '<assembly [^>]*>' "$results/$name.xml" 2>/dev/null || true)
    p=$(attribute "$head" passed) f=$(attribute "$head" failed) s=$(attribute "$head" skipped) e=$(attribute "$head" errors)
  fi
  if [ -z "$head" ] || { [ "$code" -ne 0 ] && [ $((f + e)) -eq 0 ]; }; then
    f=$((f + 1))
    case $code in
      124 | 137) printf '%s: stopped after %s s\n' "$name" "$limit" ;;
      *) printf '%s: crashed (exit code %s)\n' "$name" "$code" ;;
    esac
    tail -30 "$results/$name.log"
  elif [ $((p + f + s + e)) -eq 0 ] && [ ${#filters[@]} -eq 0 ]; then
    f=1
    printf '%s: ran no test\n' "$name"
  elif [ $((f + e)) -gt 0 ]; then
    f=$((f + e))
    # The failing tests, as the runner tells of them; the whole is in the log.
    # All of it is read: a reader that stops early would end the run (SIGPIPE).
    sed -n -e '/\[FAIL\]/,/^$/p' -e '/^ *FAIL /,/^$/p' "$results/$name.log" | awk 'NR <= 200'
  fi
  printf '%-10s %5d passed %3d failed %3d skipped  %4d s\n' "$name" "$p" "$f" "$s" $((SECONDS - started))
  printf '%s %s %s\n' "$p" "$f" "$s" >"$results/$name.sum"
}

# attribute XML-ELEMENT NAME: its number, 0 when there is none.
attribute() {
  local value
  value=$(printf %s "$1" | grep -o -m1 " $2=\"[0-9]*\"" | tr -dc '0-9')
  printf %s "${value:-0}"
}
