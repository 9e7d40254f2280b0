-- Hands in papers that were started before: a line of FEED is "<attempt>\t<body>". Threads share the file by lines, and
-- the requests are made before the clock runs. When the feed is too short, /healthz is asked: the bench counts rows.
local threads = 0

function setup(thread)
   thread:set("number", threads)
   threads = threads + 1
end

function init(args)
   feed = {}
   local lines, count = 0, tonumber(args[2])
   for line in io.lines(args[1]) do
      if lines % count == number then
         local attempt, body = line:match("^([^\t]+)\t(.*)$")
         local path = "/arena/v1/attempts/" .. attempt .. "/submit"
         feed[#feed + 1] = wrk.format("POST", path, { ["Content-Type"] = "application/json" }, body)
      end
      lines = lines + 1
   end
   at, spare = 0, wrk.format("GET", "/healthz")
end

function request()
   at = at + 1
   return feed[at] or spare
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format("RESULT %d %d %d %.3f %.3f\n", summary.requests, summary.duration,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
