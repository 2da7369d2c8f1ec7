# frozen_string_literal: true

# Submits jobs to a running Sidekiq and prints what it measured as one line of JSON.
#
# produce.rb empty COUNT: from the first submission until COUNT results are stored.
# produce.rb pickup COUNT: from the return of a submission to the first line of the job, one at a time.
# produce.rb fill COUNT: only submits.

require "json"
require_relative "jobs"

WARM_UP = 50
BATCH = 1_000 # what the documentation of push_bulk recommends at most
DEADLINE_SECONDS = 30

def now
  Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

def submit_empty(count)
  (0...count).step(BATCH) do |first|
    size = [BATCH, count - first].min
    Sidekiq::Client.push_bulk("class" => EmptyJob, "args" => Array.new(size) { [] })
  end
end

def await(what, pause)
  deadline = now + DEADLINE_SECONDS
  until (found = yield)
    abort "#{what}: not after #{DEADLINE_SECONDS} s" if now > deadline
    sleep pause
  end
  found
end

def measure_empty(count)
  before = Results.count
  start = now
  submit_empty(count)
  submitted = now
  await("#{count} results", 0.02) { Results.count >= before + count }
  finished = now
  {tasks_per_second: count / (finished - start), submitted_per_second: count / (submitted - start)}
end

def measure_pickup(count)
  pauses = Random.new(1)
  delays = Array.new(count) do
    jid = StampJob.perform_async
    returned = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
    began = await("the result of #{jid}", 0.001) { Results.fetch(jid) }.to_i
    sleep pauses.rand(0.01..0.02) # keeps the worker idle, which is the case in question
    (began - returned) / 1e6
  end
  delays.sort!
  {p50_ms: delays[(count * 0.50).to_i], p99_ms: delays[(count * 0.99).to_i]}
end

what, count = ARGV[0], Integer(ARGV[1])
if what == "fill"
  submit_empty(count)
  puts JSON.generate({messages: count})
else
  submit_empty(WARM_UP)
  await("the warm-up", 0.02) { Results.count >= WARM_UP }
  puts JSON.generate(what == "empty" ? measure_empty(count) : measure_pickup(count))
end
