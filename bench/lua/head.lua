-- What the scripts share: threads that divide a feed by lines, and the line that the bench reads afterwards.
local made = {}

function setup(thread)
   thread:set("number", #made)
   made[#made + 1] = thread
end

-- The lines of FEED that are this thread's, each as `make` gives it.
function read_feed(args, make)
   local feed, lines, count = {}, 0, tonumber(args[2])
   for line in io.lines(args[1]) do
      if lines % count == number then feed[#feed + 1] = make(line) end
      lines = lines + 1
   end
   return feed
end

-- When the feed is too short, /healthz is asked, and the bench refuses the run.
short = 0
function spare()
   short = short + 1
   return wrk.format("GET", "/healthz")
end

function done(summary, latency)
   local errors, missing = summary.errors, 0
   for _, thread in ipairs(made) do missing = missing + (thread:get("short") or 0) end
   io.write(string.format("RESULT %d %d %d %d %.3f %.3f\n", summary.requests, summary.duration,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout, missing,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
