-- wrk -s serving.lua URL -- FILE STEP: asks for the lines of FILE in turn, each of STEP threads for its share of them.
-- Prints one line of JSON; times are in milliseconds.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  paths, turn, step = {}, number, tonumber(arguments[2])
  for line in io.lines(arguments[1]) do paths[#paths + 1] = line end
end

function request()
  local path = paths[turn % #paths + 1]
  turn = turn + step
  return wrk.format("GET", path)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"answers": %d, "seconds": %.3f, "median": %.3f, "p99": %.3f, "failed": %d, "bytes": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout, summary.bytes))
end
