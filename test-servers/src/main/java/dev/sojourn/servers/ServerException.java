package dev.sojourn.servers;

/** Thrown when a test server could not be started, stopped or queried. The message contains the end of the server's log. */
public final class ServerException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ServerException(String message) {
        super(message);
    }

    ServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
