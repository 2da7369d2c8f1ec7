-- Posts one JSON body for as long as wrk runs and counts the answers with status 202, which is the only
-- one that promises that the task was stored. The body is the first argument after `--`.
-- Callbacks: SCRIPTING in the documentation of wrk 4.1.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  accepted = 0
  refused = 0
  refused_status = 0
  wrk.method = "POST"
  wrk.body = arguments[1]
  wrk.headers["Content-Type"] = "application/json"
end

function response(status)
  if status == 202 then
    accepted = accepted + 1
  else
    refused = refused + 1
    refused_status = status
  end
end

function done(summary, latency)
  local total = { accepted = 0, refused = 0, refused_status = 0 }
  for _, thread in ipairs(threads) do
    total.accepted = total.accepted + thread:get("accepted")
    total.refused = total.refused + thread:get("refused")
    total.refused_status = math.max(total.refused_status, thread:get("refused_status"))
  end
  local errors = summary.errors
  io.write(string.format(
    '\n{"accepted": %d, "refused": %d, "refused_status": %d, "socket_errors": %d, "seconds": %.6f, '
      .. '"p50_ms": %.3f, "p90_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f}\n',
    total.accepted, total.refused, total.refused_status,
    errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(90) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
