# frozen_string_literal: true

# The Sidekiq jobs of the comparison: an empty one and one that tells when it began.
#
# BENCH_REDIS is the address of the Redis server without a database number. Sidekiq's own keys are kept
# in database 0 and results in database 1, so that DBSIZE of database 1 is the count of stored results.

require "connection_pool"
require "redis"
require "sidekiq"

ADDRESS = ENV.fetch("BENCH_REDIS")
Sidekiq.configure_server { |config| config.redis = {url: "#{ADDRESS}/0"} }
Sidekiq.configure_client { |config| config.redis = {url: "#{ADDRESS}/0"} }
Sidekiq.logger.level = Logger::WARN

# Debian's redis gem warns at every fetch of this Sidekiq, which would be measured as if it were work.
Redis.silence_deprecations = true

# Sidekiq itself keeps no results, the other systems do: each job stores one for a day, as they do.
module Results
  POOL = ConnectionPool.new(size: 16) { Redis.new(url: "#{ADDRESS}/1") }

  def self.store(jid, value)
    POOL.with { |redis| redis.set("result:#{jid}", value, ex: 86_400) }
  end

  def self.count
    POOL.with(&:dbsize)
  end

  def self.fetch(jid)
    POOL.with { |redis| redis.get("result:#{jid}") }
  end
end

class EmptyJob
  include Sidekiq::Job

  def perform
    Results.store(jid, "null")
  end
end

class StampJob
  include Sidekiq::Job

  def perform
    began = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
    Results.store(jid, began.to_s)
  end
end
