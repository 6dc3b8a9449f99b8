package dev.sojourn.demo.pages;

import dev.sojourn.demo.api.Api;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import org.jspecify.annotations.Nullable;

/** Signs users in and out. The demo asks for no password; an application checks one before it calls {@code login}. */
final class AccountPage {
    private final Templates templates;

    AccountPage(Templates templates) {
        this.templates = templates;
    }

    void mount(Routes routes) {
        routes.get("/account", request -> {
            View view = view(request, Field.EMPTY);
            return templates.page(request, "account", title(view), view);
        });
        routes.post("/account/sign-in", this::signIn);
        routes.post("/account/sign-out", this::signOut);
    }

    private Response signIn(Request request) {
        Field name = Field.of("The name", request.field("name"), Api.MAX_NAME_LENGTH);
        if (!name.isValid()) {
            View view = view(request, name);
            return templates.invalidForm(request, "account", "/account", title(view), view);
        }
        request.session().login(name.value());
        return Response.seeOther(Notice.SIGNED_IN.addTo("/account"));
    }

    private Response signOut(Request request) {
        request.session().destroy();
        return Response.seeOther(Notice.SIGNED_OUT.addTo("/account"));
    }

    private static String title(View view) {
        return view.user() == null ? "Sign in" : "Your account";
    }

    private static View view(Request request, Field name) {
        return new View(request.session().subject(), name);
    }

    record View(@Nullable String user, Field name) {}
}
