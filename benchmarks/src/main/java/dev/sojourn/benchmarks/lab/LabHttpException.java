package dev.sojourn.benchmarks.lab;

/** Thrown when a request is invalid. The lab responds with the status and the message. */
final class LabHttpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    LabHttpException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
