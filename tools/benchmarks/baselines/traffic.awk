# Daily service-to-service traffic of one access log in the generated shape: what `pulselake ingest logs` counts.
# Use: mawk -v target=SERVICE -f traffic.awk FILE
# Quotes part the line: address and user, request, status and time, agent.
BEGIN { FS = "\"" }
{
  lines++
  if (NF != 5 || $5 != "" || substr($3, 1, 1) != " " || substr($3, 5, 2) != " [" || substr($3, length($3) - 1) != "] ") { rejected++; next }
  status = substr($3, 2, 3)
  time = substr($3, 7, length($3) - 8)
  if (status !~ /^[0-9][0-9][0-9]$/ || time !~ /^[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]+)?Z$/) { rejected++; next }
  dash = index($1, "  - ")
  if (dash == 0) { rejected++; next }
  address = substr($1, 1, dash - 1)
  user = substr($1, dash + 4, length($1) - dash - 4)
  if (substr($4, 1, 9) == "Machine (" && substr($4, length($4)) == ")") {
    inside = substr($4, 10, length($4) - 10)
    semicolon = index(inside, ";")
    source = semicolon ? substr(inside, semicolon + 2) : user
  } else source = address == "<masked>" ? user : "\001"
  if (source == "" || source == "-") { rejected++; next }
  key = substr(time, 1, 10) SUBSEP source SUBSEP target
  total[key]++
  if (status >= 500) failed[key]++
  if (source == "\001") external++; else accepted++
}
END {
  printf "read %d accepted %d external %d rejected %d\n", lines, accepted, external, rejected
  for (key in total) {
    split(key, part, SUBSEP)
    if (part[2] != "\001") printf "%s\t%s\t%s\t%d\t%d\n", part[1], part[2], part[3], total[key], failed[key]
  }
}
