package dev.sojourn.redis;

import dev.sojourn.servers.RedisCluster;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.LeakContract;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/**
 * Checks that the files of Redis contain sessions but nothing that opens one. The sweep is on, so that all kinds of keys exist.
 */
class LeakTest {
    private abstract static class OneServer extends LeakContract {
        final RedisServer server;

        OneServer(RedisServer server) {
            this.server = server;
        }

        @Override
        protected SessionStore open() {
            return RedisStore.builder().uri(server.uri()).expirySweep().build();
        }

        @AfterEach
        void stop() {
            server.close();
        }
    }

    private abstract static class Snapshot extends OneServer {
        Snapshot(RedisServer server) {
            super(server);
        }

        @Override
        protected byte[] dump() {
            return server.dump();
        }
    }

    /** A file that contains every write command, including those of ended sessions. */
    private abstract static class AppendOnlyFile extends OneServer {
        AppendOnlyFile(RedisServer server) {
            super(server);
        }

        @Override
        protected byte[] dump() {
            return server.files();
        }
    }

    @Nested
    class Redis62Snapshot extends Snapshot {
        Redis62Snapshot() {
            super(RedisServer.start62());
        }
    }

    @Nested
    class Redis7Snapshot extends Snapshot {
        Redis7Snapshot() {
            super(RedisServer.start7());
        }
    }

    @Nested
    class Redis62AppendOnlyFile extends AppendOnlyFile {
        Redis62AppendOnlyFile() {
            super(RedisServer.start62("--appendonly", "yes", "--appendfsync", "always"));
        }
    }

    @Nested
    class Redis7AppendOnlyFile extends AppendOnlyFile {
        Redis7AppendOnlyFile() {
            super(RedisServer.startDurable());
        }
    }

    @Nested
    class Cluster extends LeakContract {
        private final RedisCluster cluster = RedisCluster.start("--appendonly", "yes");

        @Override
        protected SessionStore open() {
            return RedisStore.builder().uri(cluster.uri()).expirySweep().build();
        }

        @Override
        protected byte[] dump() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            cluster.nodes().forEach(node -> all.writeBytes(node.dump()));
            return all.toByteArray();
        }

        @AfterEach
        void stop() {
            cluster.close();
        }
    }
}
