"""What case systems and spreadsheets call the things that an extract holds. Extend a line to have a heading recognised."""

from __future__ import annotations

#: Canonical column -> headings, as `plain_name` writes them.
HEADINGS = {
    "child_id": "child_id id person_id client_id case_number case_no case_id child_number child_ref child_reference ref_no "
    "reference unique_id unique_child_id pid service_user_id person_number system_id lac_id file_number ref person_ref client_no "
    "client_number client_ref mosaic mosaic_id mosaic_no mosaic_ref swift swift_id swift_no carefirst carefirst_id carefirst_no "
    "eclipse eclipse_id eclipse_no liquidlogic liquidlogic_id lcs lcs_id lcs_no sw_ref sw_id social_work_ref social_work_no "
    "social_work_number social_work_id",
    "local_authority": "local_authority authority council la area responsible_authority",
    "date_of_birth": "date_of_birth dob birth_date born d_o_b birthdate",
    "sex": "sex gender m_f f_m",
    "sibling_group": "sibling_group siblings sibling_id family_id family_group family_number family_ref sibling_ref sibling_set "
    "sibling_group_ref sib_group sib_grp sib_ref brothers_and_sisters",
    "placement_type": "placement_type type_of_placement placement placement_category accommodation_type service_type "
    "placement_description where_living where_lived lives_with placement_code plc_type living_arrangement",
    "legal_type": "legal_type legal_status legal_reason legal_basis statute order_type legal_category legal_code "
    "type_of_order measure basis legal_measure",
    "start_date": "start_date start date_from from begin_date began placement_start placement_start_date legal_start "
    "legal_reason_start_date date_started effective_from from_date start_of_placement "
    "moved_in plc_start reason_start_date",
    "end_date": "end_date end date_to to ended placement_end placement_end_date legal_end legal_reason_end_date date_ended "
    "effective_to to_date end_of_placement finish finished ceased moved_out plc_end reason_end_date",
    "event": "event event_type activity milestone activity_type meeting_type type_of_event meeting step "
    "what entry type_of_meeting",
    "date": "date event_date activity_date date_of_event date_held meeting_date review_date date_of_review date_of_meeting "
    "when step_date entry_date",
    "route": "route permanence_route plan permanence_plan care_plan route_to_permanence type_of_plan planned_route "
    "recommended_route",
    "outcome": "outcome decision review_outcome recommendation outcome_of_review review_decision outcome_text",
}
#: Event -> headings of columns of its dates.
DATES = {
    "referral": "referral referral_date date_of_referral first_referral date_referred referred referred_on",
    "accommodated": "accommodated date_accommodated date_became_accommodated became_accommodated came_into_care "
    "date_came_into_care date_looked_after accommodated_on accommodated_date start_of_being_accommodated",
    "permanence_recommendation": "permanence_recommendation permanence_recommendation_date perm_rec perm_rec_date "
    "date_of_permanence_recommendation permanence_decision permanence_decision_date lac_review_recommendation recommended "
    "recommendation_date permanence_agreed_at_review",
    "permanence_panel": "permanence_panel panel panel_date date_of_panel permanence_panel_date apr_panel fostering_panel",
    "adm_decision": "adm_decision adm adm_date adm_sign_off adm_signoff agency_decision agency_decision_date "
    "agency_decision_maker date_of_adm_decision adm_decision_date "
    "plan_signed_off",
    "court_application": "court_application date_lodged lodged lodged_in_court application_lodged court_application_date "
    "petition_lodged date_application_lodged application_to_court",
    "order_granted": "order_granted order_granted_date date_of_order order_date final_order granted date_granted order_made",
    "return_home": "return_home returned_home date_returned_home return_home_date date_home home_date "
    "back_home returned_home_on",
    "cso_review": "cso_review order_review plan_review_at_home review_of_order",
}
#: What is too common a word to say what a column holds: its values do, where they are known.
AMBIGUOUS = "type kind category description status basis code reason order service what entry step meeting"
#: Words before "ID", "No" or "Ref" that are not about the child.
NOT_CHILD = (
    "placement plc carer worker family sibling sib order meeting review record episode event court legal address school chi nhs upn "
    "provider home unit team row line document invoice contract establishment"
)
#: Code -> words that systems write for it, besides the code and its label.
VALUES = {
    "placement_type": {
        "at_home": "home with parents|with parents|parental home|at home|looked after at home|home|with parent(s)|"
        "at home with parent(s)",
        "kinship": "friends/relatives|with friends/relatives|relative|kinship carer|kinship placement|family or friends|kin",
        "foster": "foster carer|fostering|foster placement|foster la|with foster carers provided by la|"
        "with foster carers purchased by la|external foster|in house foster|foster carers",
        "prospective_adopter": "adopters|prospective adopter|with prospective adopters|adoptive placement|pre adoptive|pre adopt",
        "residential": "children's home|residential unit|residential school|local authority home|voluntary home|"
        "crisis care|other residential|childrens house|res unit|res. unit|res school|res. school",
        "secure": "secure accommodation|secure unit",
        "other": "other community|supported accommodation|hospital|other",
    },
    "legal_type": {
        "compulsory_supervision_order": "cso|supervision order|compulsory supervision|cso at home|cso away from home",
        "interim_compulsory_supervision_order": "icso|interim cso|interim supervision order",
        "child_protection_order": "cpo|child protection measure",
        "section_25": "s25|s25 (vol)|s.25|section 25|voluntary|s25 voluntary|section 25 (children (scotland) act 1995)",
        "permanence_order": "po|permanence order s80",
        "permanence_order_with_authority_to_adopt": "poa|permanence order with authority|"
        "permanence order with authority to place for adoption|po with authority to adopt|po + adopt",
        "kinship_care_order": "section 11|s11|s.11|s.11 kin|kco|residence order|s11 residence|section 11 order",
        "adoption_order": "adoption|adopted|adoption granted",
    },
    "event": {
        "accommodated": "became accommodated|start accommodated|looked after away",
        "review": "lac|laac|lac review|laac review|looked after review|child's review|review meeting|initial review",
        "hearing": "ch|children's hearing|childrens hearing|panel hearing|review hearing",
        "cso_review": "cso review|review of order at home|18 month review",
        "permanence_recommendation": "perm rec|permanence recommended|recommendation for permanence|permanence decision|"
        "permanence recommendation made",
        "permanence_panel": "panel|perm panel|permanence panel held|fostering and adoption panel|apr panel",
        "adm_decision": "adm|adm sign off|adm sign-off|adm decision made|agency decision|agency decision maker",
        "court_application": "court application|application lodged|lodged|petition lodged|po application lodged",
        "order_granted": "order granted|granted|po granted|final order|order made",
        "return_home": "returned home|home|rehabilitated home|return to parents",
        "referral": "first referral|initial referral",
    },
    "route": {
        "return_home": "home|rehabilitation|rehab|return to parent",
        "kinship_care_order": "section 11|kinship order|kco|s11|s.11|s.11 kin|section 11 order|residence order|s11 residence",
        "permanence_order": "po|permanence order",
        "permanence_order_with_authority_to_adopt": "poa|permanence order with authority|po + adopt",
        "adoption": "adoption|adoption order|adopt|freed for adoption",
    },
    "sex": {
        "female": "f|girl|2",
        "male": "m|boy|1",
        "unknown": "u|not known|not recorded",
        "other": "x|o|indeterminate",
    },
}
#: Words that give a value away where nothing better does, the first that fits; the guess says so by being a guess.
WORDS = {
    "placement_type": {
        "secure": "secure",
        "adopt": "prospective_adopter",
        "foster": "foster",
        "kin": "kinship",
        "relative": "kinship",
        "residential": "residential",
        "children's home": "residential",
        "parent": "at_home",
        "supported": "other",
        "hospital": "other",
        "other": "other",
    },
}
