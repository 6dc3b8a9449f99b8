package dev.sojourn.servers;

/** A test server could not be started, stopped or asked. The message holds the end of the server's own log. */
public final class ServerException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ServerException(String message) {
        super(message);
    }

    ServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
