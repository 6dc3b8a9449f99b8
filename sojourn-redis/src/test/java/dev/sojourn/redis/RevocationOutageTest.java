package dev.sojourn.redis;

import static dev.sojourn.redis.Fixtures.eventually;
import static dev.sojourn.redis.Fixtures.openEventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.SessionListener;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.engine.RevocationList;
import dev.sojourn.engine.RevocationSettings;
import dev.sojourn.servers.FaultyProxy;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.testing.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Revocations while Redis hangs, is cut off, or loses its data. */
class RevocationOutageTest {
    private static final Duration DELAY = Duration.ofMinutes(1);

    private final RedisServer server = RedisServer.start7();
    private final FaultyProxy proxy = FaultyProxy.to(server.host(), server.port());
    private final SettableClock clock = new SettableClock();
    private final RedisStore store = open("redis://127.0.0.1:" + proxy.port());
    private final RedisStore direct = open(server.uri());
    private final RevocationList node = node(store);
    private final RevocationList other = node(direct);

    private static RedisStore open(String uri) {
        return openEventually(
                RedisStore.builder().uri(uri).keyPrefix("revoked:").timeout(Duration.ofSeconds(1)));
    }

    private RevocationList node(RedisStore its) {
        RevocationList list = RevocationList.of(
                its, new RevocationSettings(DELAY, Duration.ZERO, clock, new SessionListener() {}, new SecureRandom()));
        list.requireLifetime(Duration.ofHours(12));
        return list;
    }

    @AfterEach
    void stop() {
        store.close();
        direct.close();
        proxy.close();
        server.close();
    }

    private Instant inAnHour() {
        return clock.instant().plusSeconds(3_600);
    }

    private void assertRefusesEverything() {
        assertThatThrownBy(() -> node.isRevoked("b")).isInstanceOf(SessionUnavailableException.class);
        assertThatThrownBy(() -> node.revoke("c", inAnHour())).isInstanceOf(SessionUnavailableException.class);
        assertThat(node.health().up()).isFalse();
    }

    private void assertRecovers() {
        eventually("the list is read again", () -> node.health().up());
        assertThat(node.isRevoked("a")).isTrue();
        assertThat(node.isRevoked("b")).isFalse();
        node.revoke("d", inAnHour());
        clock.advance(DELAY.plusMillis(1));
        assertThat(other.isRevoked("a")).isTrue();
        assertThat(other.isRevoked("d")).isTrue();
    }

    @Test
    void a_server_that_hangs_is_a_503_once_the_view_is_too_old() {
        node.revoke("a", inAnHour());
        server.pause();

        assertThat(node.isRevoked("b")).isFalse();
        clock.advance(DELAY.plusMillis(1));
        assertRefusesEverything();

        server.resume();
        assertRecovers();
    }

    @Test
    void a_node_that_is_cut_off_accepts_nothing_while_the_other_goes_on() {
        node.revoke("a", inAnHour());
        proxy.refuse();
        proxy.cut();

        clock.advance(DELAY.plusMillis(1));
        assertRefusesEverything();
        assertThat(other.isRevoked("a")).isTrue();
        assertThat(other.isRevoked("b")).isFalse();

        proxy.pass();
        assertRecovers();
    }

    @Test
    void a_revocation_whose_answers_are_lost_fails_and_can_be_repeated() {
        node.revoke("a", inAnHour());
        proxy.loseResponses();

        assertThatThrownBy(() -> node.revoke("d", inAnHour())).isInstanceOf(SessionUnavailableException.class);

        proxy.pass();
        assertRecovers();
    }

    @Test
    void a_server_that_lost_its_data_gets_back_what_the_nodes_know() {
        node.revoke("a", inAnHour());
        node.endAll("alice");
        server.command("FLUSHALL");

        clock.advance(DELAY.plusMillis(1));
        assertThat(node.isRevoked("a")).isTrue();
        assertThat(node.isTagCurrent("alice", null)).isFalse();

        RevocationList started = node(direct);
        assertThat(started.isRevoked("a")).isTrue();
        assertThat(started.isTagCurrent("alice", null)).isFalse();
        assertThat(started.isRevoked("b")).isFalse();
    }
}
