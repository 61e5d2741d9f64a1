# Reads CTest's JUnit file. Prints the names of failed tests, and as the last line "N passed, N failed, N skipped".
# Exits 1 when a test failed or none ran. With data_here=1 the third-party test data is there, so a test that skipped
# itself for want of it (its output names TILEWRIGHT_DATA) counts against the run, and its name is printed too.
/<testcase / {
  name = $0; sub(/.*<testcase name="/, "", name); sub(/".*/, "", name)
  status = $0; sub(/.*status="/, "", status); sub(/".*/, "", status)
  if (status == "run") passed++
  else if (status == "fail") { failed++; print "FAILED: " name }
  else { skipped++; waiting = (data_here == 1) }
}
/TILEWRIGHT_DATA/ && waiting { print "SKIPPED although the test data is here: " name; blind++; waiting = 0 }
/<\/testcase>/ { waiting = 0 }
END {
  if (blind > 0) print blind " data tests were skipped although the data is here"
  printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
  exit (failed > 0 || blind > 0 || passed == 0) ? 1 : 0
}
