package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spring.sample.SampleApplication;
import dev.sojourn.testing.FaultyStore;
import org.junit.jupiter.api.Test;

/** The health endpoint contains the store's health. */
class ActuatorTest {
    @Test
    void the_health_endpoint_says_whether_the_store_answers() {
        FaultyStore store = new FaultyStore();
        try (Application application = Application.start(
                SampleApplication.class, Application.over(store), "management.endpoint.health.show-details=always")) {
            assertThat(application.browser().get("/actuator/health").text())
                    .contains("\"sojourn\":{\"details\":{\"took\":\"");

            store.failNext(FaultyStore.Call.LOAD, FaultyStore.Fault.NOT_DONE);
            Browser.Answer away = application.browser().get("/actuator/health");

            assertThat(away.status()).isEqualTo(503);
            assertThat(away.text()).contains("\"sojourn\":{\"details\":{\"problem\":\"");
        }
    }

    @Test
    void it_can_be_left_out() {
        try (Application application = Application.start(
                SampleApplication.class,
                Application.over(new FaultyStore()),
                "management.endpoint.health.show-details=always",
                "management.health.sojourn.enabled=false")) {
            assertThat(application.browser().get("/actuator/health").text()).doesNotContain("\"sojourn\":");
        }
    }
}
