package dev.sojourn.redis;

import static dev.sojourn.redis.Fixtures.failure;
import static dev.sojourn.redis.Fixtures.in;
import static dev.sojourn.redis.Fixtures.key;
import static dev.sojourn.redis.Fixtures.session;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.servers.RedisCluster;
import dev.sojourn.servers.RedisSentinels;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslOptions;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests Redis users with few rights, and TLS. */
@ExtendWith(SharedServers.class)
class SecurityTest {
    /** The ACL rule of the documentation, verbatim. */
    private static final List<String> RIGHTS = List.of(
            "resetkeys",
            "resetchannels",
            "-@all",
            "~sojourn:*",
            "+ping",
            "+get",
            "+set",
            "+del",
            "+exists",
            "+getrange",
            "+setrange",
            "+pexpire",
            "+pexpireat",
            "+eval",
            "+evalsha",
            "+zadd",
            "+zrem",
            "+zcount",
            "+zrange",
            "+zrank",
            "+zscore",
            "+zrevrange",
            "+zrangebyscore",
            "+zremrangebyscore",
            "+time",
            "+wait");

    /** The additional rights in a Cluster. */
    private static final List<String> CLUSTER_RIGHTS = List.of("+cluster|nodes", "+info", "+asking");

    @ParameterizedTest
    @ValueSource(strings = {"6.2", "7"})
    void a_user_with_the_documented_rights_can_use_every_feature(String version) {
        RedisServer server = SharedServers.redis(version);
        server.command("ACL", "LOG", "RESET");
        useEveryFeatureAsShop(List.of(server), List.of(), server.uri());
        assertThat(server.command("ACL", "LOG")).isEqualTo(List.of());
    }

    @Test
    void a_user_of_a_cluster_needs_three_more_rights() {
        RedisCluster cluster = SharedServers.cluster();
        useEveryFeatureAsShop(cluster.nodes(), CLUSTER_RIGHTS, cluster.uri());
    }

    @Test
    void the_documented_rights_suffice_if_the_sentinels_have_no_users() {
        RedisSentinels sentinels = SharedServers.sentinels();
        useEveryFeatureAsShop(sentinels.servers(), List.of(), sentinels.uri());
    }

    private static void useEveryFeatureAsShop(List<RedisServer> servers, List<String> more, String uri) {
        for (RedisServer server : servers) {
            server.command(setUser(more));
            if (server.info("role").equals("master")) {
                server.command("FLUSHALL");
            }
        }
        try {
            useEveryFeature(uri.replace("://", "://shop:s3cret@"));
        } finally {
            servers.forEach(server -> server.command("ACL", "DELUSER", "shop"));
        }
    }

    private static String[] setUser(List<String> more) {
        return Stream.of(List.of("ACL", "SETUSER", "shop", "on", ">s3cret"), RIGHTS, more)
                .flatMap(List::stream)
                .toArray(String[]::new);
    }

    private static RedisStore.Builder longTimeout() {
        return RedisStore.builder().timeout(Duration.ofSeconds(20));
    }

    private static void useEveryFeature(String uri) {
        try (RedisStore plain = longTimeout().uri(uri).build();
                RedisStore store = longTimeout().uri(uri).expirySweep().build()) {
            for (RedisStore each : List.of(plain, store)) {
                StoreKey key = key();
                assertThat(each.create(key, session(1))).isTrue();
                assertThat(each.compareAndSet(key, 1, session(2))).isEqualTo(Outcome.DONE);
                assertThat(each.touch(key, 2, 3, in(700))).isTrue();
                assertThat(each.load(key).orElseThrow().version()).isEqualTo(3);
                assertThat(each.delete(key, 2)).isInstanceOf(Outcome.Lost.class);
                assertThat(each.delete(key, 3)).isEqualTo(Outcome.DONE);
            }
            UserIndex index = store.userIndex().orElseThrow();
            String user = "user of " + uri;
            index.enter(user, key(), in(600));
            index.enter(user, key(), in(600));
            index.advanceEpoch(user, in(600));
            List<UserIndex.Entry> entries = index.find(user, null, 10);
            assertThat(index.find(user, entries.get(0), 10)).hasSize(1);
            index.drop(user, entries.get(0));
            index.removeKey(user, key());
            assertThat(store.storeClock().orElseThrow().instant()).isNotNull();
            assertThat(index.find(user, entries.get(0), 10)).hasSize(1);

            StoreKey deleted = key();
            store.create(deleted, session(1, in(-700), null));
            plain.delete(deleted, 1);
            StoreKey touched = key();
            store.create(touched, session(1, in(-700), null));
            plain.touch(touched, 1, 2, in(700));
            store.create(key(), session(1, in(-700), null));
            ExpirySweep sweep = store.expirySweep().orElseThrow();
            assertThat(sweep.sweep(in(-600), 10, (key, record) -> {})).isEqualTo(1);
        }
        try (RedisStore confirming =
                longTimeout().uri(uri).waitForReplicas(9, Duration.ofMillis(1)).build()) {
            StoreKey key = key();
            assertThat(failure(() -> confirming.create(key, session(1)))).hasMessageContaining("of 9");
            assertThat(failure(() -> confirming.load(key))).hasMessageContaining("of 9");
        }
    }

    @Test
    void the_error_for_a_missing_right_or_a_wrong_password_names_the_cause() {
        RedisServer server = SharedServers.redis7();
        server.command("ACL", "SETUSER", "poor", "on", ">s3cret", "resetkeys", "-@all", "~other:*", "+get", "+ping");
        try (RedisStore store = longTimeout()
                .uri(server.uri().replace("://", "://poor:s3cret@"))
                .build()) {
            StoreException e = failure(() -> store.load(key()));
            assertThat(e.isNotDone()).isTrue();
            assertThat(e)
                    .hasMessageContaining("NOPERM")
                    .hasMessageContaining("rights")
                    .hasNoCause();
        } finally {
            server.command("ACL", "DELUSER", "poor");
        }
        StoreException e = failure(() -> RedisStore.connect(server.uri().replace("://", "://shop:wr0ng@")));
        assertThat(e.isNotDone()).isTrue();
        assertThat(e).hasMessageContaining("password").hasMessageNotContaining("wr0ng");
    }

    @Test
    void an_invalid_uri_is_refused_without_showing_its_password() {
        for (String uri : List.of("http://u:s3cret@host", "u:s3cret@host", "redis-sentinel://u:s3cret@host:x", "")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RedisStore.connect(uri))
                    .withMessageContaining("redis://host:port")
                    .withMessageNotContaining("s3cret")
                    .withNoCause();
        }
    }

    @Test
    void a_tls_connection_is_verified_against_the_trust_store_of_the_jvm(@TempDir Path folder) throws Exception {
        RedisServer server = SharedServers.tls();
        StoreException untrusted = failure(() -> RedisStore.connect(server.tlsUri()));
        assertThat(untrusted.isNotDone()).isTrue();

        runTrusting(server.certificate(), folder, () -> {
            useEveryFeature(server.tlsUri());
            useEveryFeatureAsShop(List.of(server), List.of(), server.tlsUri());
            // The certificate is for 127.0.0.1 and localhost.
            String elsewhere = server.tlsUri().replace("127.0.0.1", "127.0.0.2");
            assertThat(failure(() -> RedisStore.connect(elsewhere)).isNotDone()).isTrue();
        });
    }

    @Test
    void the_applications_client_may_trust_a_certificate_that_the_jvm_does_not() {
        RedisServer server = SharedServers.tls();
        RedisClient client = RedisClient.create(server.tlsUri());
        client.setOptions(ClientOptions.builder()
                .sslOptions(SslOptions.builder()
                        .trustManager(server.certificate().toFile())
                        .build())
                .build());
        try (RedisStore store = longTimeout().client(client).build()) {
            StoreKey key = key();
            assertThat(store.create(key, session(1))).isTrue();
            assertThat(server.command("EXISTS", new String(new KeyLayout("sojourn:").record(key), US_ASCII)))
                    .isEqualTo(1L);
        } finally {
            client.shutdown();
        }
    }

    /** Runs some work with the property {@code javax.net.ssl.trustStore}, which each new connection reads. */
    private static void runTrusting(Path certificate, Path folder, Runnable work) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "redis", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        Path file = folder.resolve("trusted.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            trusted.store(out, "changeit".toCharArray());
        }
        try {
            System.setProperty("javax.net.ssl.trustStore", file.toString());
            System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
            work.run();
        } finally {
            System.clearProperty("javax.net.ssl.trustStore");
            System.clearProperty("javax.net.ssl.trustStorePassword");
        }
    }
}
