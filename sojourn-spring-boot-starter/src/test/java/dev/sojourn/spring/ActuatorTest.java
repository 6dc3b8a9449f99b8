package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spring.sample.SampleApplication;
import dev.sojourn.testing.FaultyStore;
import org.junit.jupiter.api.Test;

/** Checks that the health endpoint contains the store's health. */
class ActuatorTest {
    @Test
    void the_health_endpoint_reports_whether_the_store_responds() {
        FaultyStore store = new FaultyStore();
        try (Application application = Application.start(
                SampleApplication.class, Application.over(store), "management.endpoint.health.show-details=always")) {
            assertThat(application.browser().get("/actuator/health").text())
                    .contains("\"sojourn\":{\"details\":{\"took\":\"");

            store.failNext(FaultyStore.Call.LOAD, FaultyStore.Fault.NOT_DONE);
            Browser.Response unavailable = application.browser().get("/actuator/health");

            assertThat(unavailable.status()).isEqualTo(503);
            assertThat(unavailable.text()).contains("\"sojourn\":{\"details\":{\"problem\":\"");
        }
    }

    @Test
    void the_health_of_the_store_can_be_turned_off() {
        try (Application application = Application.start(
                SampleApplication.class,
                Application.over(new FaultyStore()),
                "management.endpoint.health.show-details=always",
                "management.health.sojourn.enabled=false")) {
            assertThat(application.browser().get("/actuator/health").text()).doesNotContain("\"sojourn\":");
        }
    }
}
