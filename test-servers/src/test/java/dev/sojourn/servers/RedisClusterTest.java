package dev.sojourn.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisClusterTest {

    @Test
    void three_masters_share_the_slots() {
        try (RedisCluster cluster = RedisCluster.start()) {
            assertThat(cluster.uri()).matches("redis-cluster://127.0.0.1:\\d+,127.0.0.1:\\d+,127.0.0.1:\\d+");
            assertThat(cluster.nodes()).hasSize(3);
            // slot 15495
            assertThat(cluster.master(2).command("SET", "a", "1")).isEqualTo("OK");
            assertThatThrownBy(() -> cluster.master(0).command("GET", "a")).hasMessageContaining("MOVED 15495");
        }
    }

    @Test
    void a_replica_takes_over_from_a_killed_or_paused_master_which_then_becomes_a_replica() {
        try (RedisCluster cluster = RedisCluster.startWithReplicas()) {
            RedisServer first = cluster.master(2);
            first.command("SET", "a", "1");
            // WAIT only covers writes of the same connection, and each command opens a new one.
            Await.until(
                    Duration.ofSeconds(30),
                    () -> first.info("slave0").contains("offset=" + first.info("master_repl_offset") + ","),
                    () -> "the replica does not catch up: " + first.info("slave0"));
            cluster.killMaster(2);
            cluster.awaitFailover();
            assertThat(cluster.master(2)).isNotSameAs(first);
            assertThat(cluster.master(2).command("GET", "a")).isEqualTo("1");

            cluster.heal();
            assertThat(first.info("role")).isEqualTo("slave");
            assertThat(first.info("master_link_status")).isEqualTo("up");

            RedisServer paused = cluster.master(0);
            cluster.pauseMaster(0);
            cluster.awaitFailover();
            assertThat(cluster.master(0)).isNotSameAs(paused);
        }
    }
}
