package shop;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.SessionAttributes;
import org.springframework.web.bind.support.SessionStatus;

/** A form of two pages. */
@Controller
@RequestMapping("/register")
@SessionAttributes("registration")
class RegistrationController {
    @ModelAttribute("registration")
    Registration registration() {
        return new Registration();
    }

    @PostMapping("/name")
    String name(@ModelAttribute("registration") Registration registration) {
        return "redirect:/register/city";
    }

    @PostMapping("/city")
    @ResponseBody
    String city(@ModelAttribute("registration") Registration registration, SessionStatus status) {
        status.setComplete();
        return registration.getName() + " of " + registration.getCity();
    }
}
