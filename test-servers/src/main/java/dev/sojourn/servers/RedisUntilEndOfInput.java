package dev.sojourn.servers;

import java.io.IOException;
import java.io.OutputStream;

/** Starts a Redis server for a script: prints its URI, and stops it at the end of the standard input. */
public final class RedisUntilEndOfInput {
    private RedisUntilEndOfInput() {}

    /**
     * Starts Redis 7.0.15, and blocks until the end of the standard input.
     *
     * @param arguments additional options of the server, one argument per word
     * @throws IOException if the standard input cannot be read
     * @throws ServerException if the server does not start
     */
    public static void main(String[] arguments) throws IOException {
        try (RedisServer server = RedisServer.start7(arguments)) {
            System.out.println(server.uri());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
