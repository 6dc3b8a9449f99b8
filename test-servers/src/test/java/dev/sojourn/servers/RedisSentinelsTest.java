package dev.sojourn.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisSentinelsTest {

    @Test
    void a_replica_takes_over_on_request_and_after_the_master_is_killed() {
        try (RedisSentinels sentinels = RedisSentinels.start()) {
            assertThat(sentinels.uri())
                    .matches("redis-sentinel://127.0.0.1:\\d+,127.0.0.1:\\d+,127.0.0.1:\\d+#mymaster");
            RedisServer first = sentinels.master();
            first.command("SET", "a", "1");
            first.command("WAIT", "2", "0");

            sentinels.failover();
            RedisServer second = sentinels.master();
            assertThat(second).isNotSameAs(first);
            assertThat(second.command("GET", "a")).isEqualTo("1");

            sentinels.killMaster();
            sentinels.awaitFailover();
            assertThat(sentinels.master()).isNotSameAs(second);
            assertThat(sentinels.master().command("GET", "a")).isEqualTo("1");
            assertThat(sentinels.master().command("SET", "a", "2")).isEqualTo("OK");
        }
    }
}
