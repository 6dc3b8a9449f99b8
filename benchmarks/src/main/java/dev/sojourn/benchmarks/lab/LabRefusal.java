package dev.sojourn.benchmarks.lab;

/** A request that the lab does not understand. */
final class LabRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    LabRefusal(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
