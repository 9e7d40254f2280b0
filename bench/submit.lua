-- Hands in papers that were started before: a line of FEED is "<attempt>\t<body>". Threads share the file by lines.
local threads = 0

function setup(thread)
   thread:set("number", threads)
   threads = threads + 1
end

function init(args)
   feed = {}
   local lines, count = 0, tonumber(args[2])
   for line in io.lines(args[1]) do
      if lines % count == number then feed[#feed + 1] = line end
      lines = lines + 1
   end
   at = 0
end

function request()
   at = at + 1
   if at > #feed then return wrk.format("GET", "/healthz") end -- counted by the bench: the feed was too short
   local attempt, body = feed[at]:match("^([^\t]+)\t(.*)$")
   return wrk.format("POST", "/arena/v1/attempts/" .. attempt .. "/submit", { ["Content-Type"] = "application/json" }, body)
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format("RESULT %d %d %d %.3f %.3f\n", summary.requests, summary.duration,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
